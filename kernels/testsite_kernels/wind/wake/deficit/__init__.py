"""The velocity deficit of one wake, one model a file: `DEFICIT`, made by `testsite_kernels.wind.wake.model`."""

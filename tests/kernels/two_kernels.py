"""What calls the kernels of the fixture `two_kernels`, in a process of its own, and says when it compiles them."""

import os

import pytest

CALL = (
    "from testsite_kernels.compiling.kernel_cache import announced\n"
    "with announced(print):\n"
    "    from testsite_kernels.caller import doubled\n"
    "    print(doubled(3.0))\n"
)
posix = pytest.mark.skipif(os.name != "posix", reason="owners and modes are those of POSIX")

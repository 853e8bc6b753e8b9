"""Machines next to electrolysers and stores: fuel cell, refuelling station, deliveries; the plant as a whole."""

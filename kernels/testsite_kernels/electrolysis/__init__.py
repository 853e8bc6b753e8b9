"""Electrolysers: electrochemistry of the cells, ageing, stacks, and plants of several stacks."""

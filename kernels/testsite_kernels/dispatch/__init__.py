"""Dispatch: the plant of balancing, its rules, reserves, settlement, and the optimum of a store, perfect or rolling."""

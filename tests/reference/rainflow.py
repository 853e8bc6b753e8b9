"""ASTM E1049-85 (2017), 5.4.4, word for word, on a whole series."""

import itertools


def turning_points(series):
    points = []
    for value in series:
        if points and value == points[-1]:
            continue
        if len(points) >= 2 and (points[-1] > points[-2]) == (value > points[-1]):
            points[-1] = value
        else:
            points.append(value)
    return points


def count(series):
    """Return (range, mean, count) of every cycle."""
    cycles, stack = [], []
    for point in turning_points(series):
        stack.append(point)
        while len(stack) >= 3:
            x, y = abs(stack[-1] - stack[-2]), abs(stack[-2] - stack[-3])
            if x < y:
                break
            if len(stack) == 3:
                cycles.append((y, (stack[0] + stack[1]) / 2, 0.5))
                stack.pop(0)
            else:
                cycles.append((y, (stack[-2] + stack[-3]) / 2, 1.0))
                del stack[-3:-1]
    cycles += [(abs(b - a), (a + b) / 2, 0.5) for a, b in itertools.pairwise(stack)]
    return cycles

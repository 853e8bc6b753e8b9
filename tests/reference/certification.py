"""How long a campaign takes, counted anew from every start."""


def completion(bins, required, total):
    """Return the first step by whose begin the campaign from each step is complete, -1 if none."""
    result = []
    for start in range(len(bins)):
        counts = [0] * len(required)
        end, found = start, -1
        while found < 0:
            if all(c >= r for c, r in zip(counts, required, strict=True)) and sum(counts) >= total:
                found = end
            elif end == len(bins):
                break
            else:
                if bins[end] >= 0:
                    counts[bins[end]] += 1
                end += 1
        result.append(found)
    return result

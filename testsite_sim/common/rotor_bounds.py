"""What a rotor and its hub must be, in configurations and in the library alike."""


def tips_below_ground(hub_height: float, rotor_diameter: float) -> str:
    """Return the sentence that refuses a rotor whose tips would reach the sea or the ground; empty where they do not.

    Parameters
    ----------
    hub_height, rotor_diameter : float
        [m].

    Examples
    --------
    >>> tips_below_ground(10.0, 220.0).partition(": ")[2]
    'blades would reach below the sea or ground; expected above 110 m.'
    >>> tips_below_ground(119.0, 178.3)
    ''
    """
    if hub_height > 0.5 * rotor_diameter:
        return ""
    return (
        f"hub_height is {hub_height:g} m under a rotor_diameter of {rotor_diameter:g} m: blades would reach below the "
        f"sea or ground; expected above {0.5 * rotor_diameter:g} m."
    )

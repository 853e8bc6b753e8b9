"""What a plan is judged by, next to the cash of its market."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Objective:
    """What the optimum weighs next to the market's cash.

    Parameters
    ----------
    penalty : float
        Cost of unmet demand [EUR/kg].
    end_minimum : float
        Lowest tank content at the end [kg].
    end_value : float
        Value of the content at the end [EUR/kg].
    by_product_price : float
        Due on by-product that is taken [EUR/kg].
    """

    penalty: float = 10.0
    end_minimum: float = 0.0
    end_value: float = 0.0
    by_product_price: float = 0.0

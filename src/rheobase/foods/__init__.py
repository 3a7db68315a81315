"""What is in food: a table of composition, a search over it, and the reading of lines such as "2 cups of coffee"."""

from rheobase.foods.amounts import Amount, split_amount
from rheobase.foods.food import NUTRIENTS, Food, Portion
from rheobase.foods.lines import FoodLine, nearest_foods, read_line
from rheobase.foods.portions import Certainty, Weight, weigh
from rheobase.foods.search import Match, find_foods
from rheobase.foods.table import FoodTable, load_foods, load_sr28

__all__ = [
    "NUTRIENTS",
    "Amount",
    "Certainty",
    "Food",
    "FoodLine",
    "FoodTable",
    "Match",
    "Portion",
    "Weight",
    "find_foods",
    "load_foods",
    "load_sr28",
    "nearest_foods",
    "read_line",
    "split_amount",
    "weigh",
]

"""A motor pool at rest: many sites that may fire by themselves, how often they do, and what serum does to it."""

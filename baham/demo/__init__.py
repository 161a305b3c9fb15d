"""The demonstration world: Sarvan, a country that does not exist, with its lists, its offices and their open matters."""

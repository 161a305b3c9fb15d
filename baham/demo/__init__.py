"""The demonstration world: Sarvan, a country that does not exist, with its lists, offices and open matters."""

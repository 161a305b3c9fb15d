"""Cases: a record with states, moves, clocks, letters and parties, declared by a measure and never coded twice."""

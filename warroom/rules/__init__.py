"""Pure rules over a Board, a forecast and a time: who may do what, and what calls for an alert."""

"""How a console looks: themes, glyph sets, style sheets."""

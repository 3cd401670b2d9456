"""Forms parse and shape; they neither save nor query beyond what a choice list needs. One module per noun."""

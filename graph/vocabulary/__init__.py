"""The closed graph of concepts: needs, categories, situations and what joins them."""

"""What the product costs, each figure beside a baseline measured in the same run: quote the ratios, not the seconds."""

"""Policy trees: dated branches with probabilities, dated choices of firms, and plans judged across all of them."""

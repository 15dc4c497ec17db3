"""Re-sourcing: who supplies each part family at least landed cost, under the content rules chosen or not."""

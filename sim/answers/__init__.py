"""What the commands answer, each as JSON with stable keys and as the text a person reads."""

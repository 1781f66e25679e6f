"""Claims about engines that somebody wrote."""

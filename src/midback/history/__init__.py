"""What the weeks show: stored sets, gains beyond noise, capacity, pain, the next small step."""

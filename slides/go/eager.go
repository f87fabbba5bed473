package coffee

// ServeEagerly starts the coffees at once, and waits for none.
func ServeEagerly(customers int) {
	for customer := 1; customer <= customers; customer++ {
		go makeCoffee(customer)
	}
}

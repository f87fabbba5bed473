package coffee

// ServeEagerly starts the coffees at once, and waits for none.
func ServeEagerly() {
	for i := 1; i <= 3; i++ {
		go makeCoffee(i)
	}
}

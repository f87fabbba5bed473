package coffee

import "time"

// LeaveAfter leaves with coffees in the making, and they go on without it.
func LeaveAfter(patience time.Duration) {
	for customer := 1; customer <= 3; customer++ {
		go makeCoffee(customer)
	}
	time.Sleep(patience)
}

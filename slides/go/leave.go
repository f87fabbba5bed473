package coffee

import "time"

const patience = 3 * time.Second

// LeaveEarly leaves with coffees in the making, and they go on without it.
func LeaveEarly() {
	for i := 1; i <= 3; i++ {
		go makeCoffee(i)
	}
	time.Sleep(patience)
}

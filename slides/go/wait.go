package coffee

import "time"

// Brew parks its goroutine; the thread goes on with another.
func Brew(coffee time.Duration) {
	time.Sleep(coffee)
}

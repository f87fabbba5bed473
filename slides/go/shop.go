// Package coffee is the Go side of the slides that show Go beside Rust. Nobody runs it: the check of
// the slides compiles it, so that what they show is Go.
package coffee

import "time"

const action = 2 * time.Second

var actions = []func(int){payForCoffee, makeEspresso, steamMilk}

func payForCoffee(customer int) { time.Sleep(action) }

func makeEspresso(customer int) { time.Sleep(action) }

func steamMilk(customer int) { time.Sleep(action) }

func makeCoffee(customer int) {
	for _, act := range actions {
		act(customer)
	}
}

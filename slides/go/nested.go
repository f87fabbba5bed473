package coffee

import "sync"

// MakeCoffeeAtOnce needs a goroutine for each action.
func MakeCoffeeAtOnce(customer int) {
	var actions sync.WaitGroup
	actions.Add(3)
	for _, act := range []func(int){
		payForCoffee, makeEspresso, steamMilk,
	} {
		go func(act func(int)) {
			defer actions.Done()
			act(customer)
		}(act)
	}
	actions.Wait()
}

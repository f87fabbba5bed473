package coffee

import "sync"

// AllAtOnce needs a goroutine for each action.
func AllAtOnce(customer int) {
	var done sync.WaitGroup
	for _, act := range actions {
		done.Add(1)
		go func(act func(int)) {
			defer done.Done()
			act(customer)
		}(act)
	}
	done.Wait()
}

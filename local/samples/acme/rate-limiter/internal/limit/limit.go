// Package limit counts calls.
package limit

import "sync"

// Limiter allows each caller a number of calls.
type Limiter struct {
	mu    sync.Mutex
	most  int
	calls map[string]int
}

// New makes a Limiter that allows each caller most calls.
func New(most int) *Limiter {
	return &Limiter{most: most, calls: map[string]int{}}
}

// Allow counts a call and tells whether it is within the limit.
func (l *Limiter) Allow(caller string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls[caller]++
	return l.calls[caller] <= l.most
}

// Command rate-limiter answers whether a caller may go on, and reports what it let through.
package main

import (
	"log"
	"net/http"
	"os"

	"github.com/acme/rate-limiter/internal/limit"
)

func main() {
	reporter := limit.NewReporter(os.Getenv("REPORT_URL"))
	limiter := limit.New(100)
	http.HandleFunc("/allow", func(w http.ResponseWriter, r *http.Request) {
		allowed := limiter.Allow(r.URL.Query().Get("caller"))
		reporter.Report(allowed)
		if !allowed {
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}

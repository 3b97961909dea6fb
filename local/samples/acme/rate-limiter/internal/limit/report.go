package limit

import (
	"fmt"
	"net/http"
)

// Reporter tells another service what was let through.
type Reporter struct {
	url string
}

// NewReporter makes a Reporter; with an empty url it reports nothing.
func NewReporter(url string) *Reporter {
	return &Reporter{url: url}
}

// Report sends one outcome. Errors are not the caller's concern.
func (r *Reporter) Report(allowed bool) {
	if r.url == "" {
		return
	}
	response, err := http.Get(fmt.Sprintf("%s?allowed=%t", r.url, allowed))
	if err == nil {
		response.Body.Close()
	}
}

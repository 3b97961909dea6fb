module github.com/acme/rate-limiter

go 1.25

module coffee

go 1.18

package optim

// Undefine takes back a Define, so that tests can be repeated.
func Undefine(family Family) {
	defining.Lock()
	defer defining.Unlock()
	delete(defined, family)
}

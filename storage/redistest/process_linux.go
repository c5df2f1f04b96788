package redistest

import "syscall"

// dieWithParent ends the server with a test process that is killed before it can clean up.
func dieWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

package wechat

import "time"

// ability is something that not every account may do.
type ability string

const (
	customer  ability = "customer service messages"
	tapMenu   ability = "messages with choices to tap"
	menus     ability = "the menu"
	reminding ability = "subscription messages"
	media     ability = "voices and videos"
)

// can says whether an ability is worth trying.
func (a *api) can(what ability) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	until, off := a.off[what]
	return !off || !until.IsZero() && a.clock().After(until)
}

// failed takes what a call that needs an ability came back with. Where the account may not do it, it is switched off,
// and the log says so once.
func (a *api) failed(what ability, err error) {
	now := a.clock()
	switch code := codeOf(err); code {
	case 48001, 48004, 48006, 50001, 50002, 61007: // not for this account
		a.switchOff(what, time.Time{}, err, "this account may not use it")
	case 40200, 40008: // not this kind of message
		a.switchOff(what, time.Time{}, err, "this account may not use it")
	case 40037, 47003, 41028: // template or fields
		a.switchOff(what, time.Time{}, err, "look at the template and its fields in the settings")
	case 40013, 40125, 40164, 41002, 41004, 61024, 89503, 89506, 89507: // id, secret, address
		why := "look at the app id, the secret, and at the list of addresses that may call"
		for _, all := range []ability{customer, tapMenu, menus, reminding, media} {
			a.switchOff(all, now.Add(10*time.Minute), err, why)
		}
	case 45009, 45011: // used up for today, for this minute
		until := now.Add(time.Minute)
		if code == 45009 {
			y, m, d := now.In(china).Date()
			until = time.Date(y, m, d+1, 0, 0, 0, 0, china)
		}
		a.switchOff(what, until, err, "its quota is used up")
	}
}

// china is the time that WeChat's days begin by.
var china = time.FixedZone("CST", 8*3600)

// switchOff ends trying an ability for a while, or for good.
func (a *api) switchOff(what ability, until time.Time, err error, why string) {
	a.mu.Lock()
	before, off := a.off[what]
	a.off[what] = until
	if off && before.IsZero() {
		a.off[what] = before
	}
	a.mu.Unlock()
	if off { // it was said before
		return
	}
	a.count("switched off")
	a.log.Warn("wechat: an ability is switched off", "ability", string(what), "why", why, "err", err)
}

// worked says so where something that was off for a while is back, and lets it be logged anew.
func (a *api) worked(what ability) {
	a.mu.Lock()
	_, off := a.off[what]
	delete(a.off, what)
	a.mu.Unlock()
	if off {
		a.log.Info("wechat: an ability is back", "ability", string(what))
	}
}

const maxClosed = 20_000

// close notes that nothing can be sent to somebody until they write again, or until an hour has passed.
func (a *api) close(openID string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.closed) >= maxClosed {
		clear(a.closed)
	}
	a.closed[openID] = a.clock().Add(time.Hour)
}

// open forgets that, since they have written.
func (a *api) open(openID string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.closed, openID)
}

func (a *api) isClosed(openID string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	until, ok := a.closed[openID]
	return ok && a.clock().Before(until)
}

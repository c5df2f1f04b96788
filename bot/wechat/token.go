package wechat

import (
	"context"
	"errors"
	"net/url"
	"time"
)

const (
	tokenEarly  = 5 * time.Minute  // a token is used no longer than this before its end
	forceAtMost = 15 * time.Minute // a new token is demanded at most this often; WeChat allows twenty a day
)

var errNoSecret = errors.New("wechat: the account has no secret")

// accessToken returns the token for calls. bad is one that WeChat no longer takes: if it is the one kept, another is
// fetched. Several processes may fetch at the same time: a stable token stays the same until it ends, and the one
// before it is good for five minutes more.
func (a *api) accessToken(ctx context.Context, bad string) (string, error) {
	if a.account.Secret == "" {
		return "", errNoSecret
	}
	if token, ok := a.kept(bad); ok {
		return token, nil
	}
	a.fetching.Lock()
	defer a.fetching.Unlock()
	if token, ok := a.kept(bad); ok { // fetched meanwhile
		return token, nil
	}
	token, err := a.fetch(ctx, false)
	if err == nil && token == bad && a.mayForce() {
		token, err = a.fetch(ctx, true)
	}
	return token, err
}

// kept is the token in memory, unless it is too old or the bad one.
func (a *api) kept(bad string) (string, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.token, a.token != "" && a.token != bad && a.clock().Before(a.until)
}

func (a *api) mayForce() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.clock()
	if !a.forced.IsZero() && now.Sub(a.forced) < forceAtMost {
		return false
	}
	a.forced = now
	return true
}

func (a *api) fetch(ctx context.Context, force bool) (string, error) {
	body, err := marshal(map[string]any{"grant_type": "client_credential", "appid": a.account.AppID,
		"secret": a.account.Secret, "force_refresh": force})
	if err != nil {
		return "", err
	}
	var got struct {
		Token   string `json:"access_token"`
		Seconds int    `json:"expires_in"`
	}
	for try := range apiTries {
		err = a.post(ctx, "/cgi-bin/stable_token", url.Values{}, body, &got)
		if !temporary(err) {
			break
		}
		select {
		case <-ctx.Done():
			return "", err
		case <-time.After(a.pause << try):
		}
	}
	if err != nil {
		return "", err
	}
	if got.Token == "" {
		return "", errors.New("wechat: /cgi-bin/stable_token: no token in the answer")
	}
	a.count("token fetched")
	a.mu.Lock()
	defer a.mu.Unlock()
	life := time.Duration(got.Seconds) * time.Second
	a.token, a.until = got.Token, a.clock().Add(max(life-tokenEarly, life/2))
	return got.Token, nil
}

package wechat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"anning/bot"
)

// pictureHosts are where WeChat keeps pictures that people send.
var pictureHosts = []string{"mmbiz.qpic.cn", "mmbiz.qlogo.cn", "mmecoa.qpic.cn", "mmsns.qpic.cn"}

const pictureTime = 30 * time.Second

var errPicture = errors.New("wechat: the picture cannot be had")

// picture is a picture that a person sent. It is downloaded once a step wants it.
func (m *Messenger) picture(p *post) bot.File {
	return bot.File{Name: "picture.jpg", MIME: "image/jpeg", Open: func(ctx context.Context) (io.ReadCloser, error) {
		r, err := m.download(ctx, p.PicURL)
		if err != nil && p.MediaID != "" && m.api.can(media) && ctx.Err() == nil {
			return m.api.media(ctx, p.MediaID, m.options.MaxPicture)
		}
		return r, err
	}}
}

// pictureAddress is where a picture lies. Only WeChat's own hosts are asked, and only under https: what else a post
// says may be somebody's way into our own network.
func pictureAddress(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Port() != "" || u.Opaque != "" {
		return "", errPicture
	}
	host := strings.ToLower(u.Hostname())
	for _, ours := range pictureHosts {
		if host == ours {
			u.Scheme, u.Host, u.Fragment = "https", host, ""
			return u.String(), nil
		}
	}
	return "", errPicture
}

func (m *Messenger) download(ctx context.Context, raw string) (io.ReadCloser, error) {
	address, err := pictureAddress(raw)
	if err != nil {
		m.options.Count("picture refused")
		return nil, err
	}
	client := &http.Client{Transport: m.options.Pictures, Timeout: pictureTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for try := range 3 {
		var r io.ReadCloser
		var again bool
		if r, again, err = m.fetchPicture(ctx, client, address); err == nil || !again {
			return r, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(200 * time.Millisecond << try):
		}
	}
	return nil, err
}

// fetchPicture asks once; again says that the next time may be better.
func (m *Messenger) fetchPicture(ctx context.Context, client *http.Client, address string) (r io.ReadCloser, again bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, false, errPicture
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, true, fmt.Errorf("%w: %w", errPicture, bare(err))
	}
	kind := resp.Header.Get("Content-Type")
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(kind, "image/") {
		_ = resp.Body.Close()
		return nil, resp.StatusCode >= 500, fmt.Errorf("%w: status %d, %.40q", errPicture, resp.StatusCode, kind)
	}
	return limited{io.LimitReader(resp.Body, m.options.MaxPicture+1), resp.Body}, false, nil
}

// publicOnly is a transport that reaches public addresses only, whatever a name resolves to.
func publicOnly() http.RoundTripper {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !public(at.Addr()) {
			return errPicture
		}
		return nil
	}}
	return &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 15 * time.Second,
		MaxIdleConnsPerHost: 8, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true}
}

// shared is what carriers use between themselves; it is no public address either.
var shared = netip.MustParsePrefix("100.64.0.0/10")

func public(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !shared.Contains(ip)
}

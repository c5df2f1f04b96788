package redisstore

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Address says where Redis is, as a URL of this grammar:
//
//	redis://[user[:password]@]host[:port][/db]                        one server
//	redis://[user[:password]@]host[:port],host[:port][,…]             a cluster, named by some of its nodes
//	redis-cluster://[user[:password]@]host[:port][,…]                 a cluster
//	redis-sentinel://[user[:password]@]host[:port][,…]/master[?…]     the master that these sentinels know
//
// "rediss" for "redis" (also in rediss-cluster, rediss-sentinel) means TLS. Ports default to 6379, for sentinels
// 26379; IPv6 addresses stand in brackets; user and password are percent-encoded. After "?": db=0 (a cluster has none
// but 0), and for sentinels that want it sentinel_user= and sentinel_password=.
type Address struct {
	Hosts    []string // host:port
	Mode     Mode
	Master   string // Sentinel only: the name of the master
	DB       int
	TLS      bool
	User     string
	Password string

	SentinelUser, SentinelPassword string
}

// Mode is how the servers belong together.
type Mode string

// The modes.
const (
	Single   Mode = "single"
	Cluster  Mode = "cluster"
	Sentinel Mode = "sentinel"
)

// ParseURL reads an Address. Its errors never repeat the URL, which may hold a password.
func ParseURL(text string) (Address, error) {
	a, err := parse(text)
	if err != nil {
		return Address{}, fmt.Errorf("redis URL: %w", err)
	}
	return a, nil
}

func parse(text string) (a Address, err error) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return a, errors.New("does not begin with redis://")
	}
	if err := a.setScheme(scheme); err != nil {
		return a, err
	}
	rest, query, _ := strings.Cut(rest, "?")
	authority, path, _ := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		if err := a.setUser(authority[:at]); err != nil {
			return a, err
		}
		authority = authority[at+1:]
	}
	if err := a.setHosts(authority); err != nil {
		return a, err
	}
	if a.Mode == Single && len(a.Hosts) > 1 {
		a.Mode = Cluster
	}
	if err := a.setPath(path); err != nil {
		return a, err
	}
	if err := a.setQuery(query); err != nil {
		return a, err
	}
	if a.Mode == Cluster && a.DB != 0 {
		return a, errors.New("a cluster has no database but 0")
	}
	return a, nil
}

func (a *Address) setScheme(scheme string) error {
	base, mode, _ := strings.Cut(scheme, "-")
	switch base {
	case "redis":
	case "rediss":
		a.TLS = true
	default:
		return errors.New("the scheme is not redis, rediss, redis-sentinel or redis-cluster")
	}
	a.Mode = Single
	if mode != "" || strings.Contains(scheme, "-") {
		a.Mode = Mode(mode)
		if a.Mode != Cluster && a.Mode != Sentinel {
			return errors.New("the scheme is not redis, rediss, redis-sentinel or redis-cluster")
		}
	}
	return nil
}

func (a *Address) setUser(text string) (err error) {
	user, password, _ := strings.Cut(text, ":")
	if a.User, err = url.PathUnescape(user); err != nil {
		return errors.New("the user name is not percent-encoded")
	}
	if a.Password, err = url.PathUnescape(password); err != nil {
		return errors.New("the password is not percent-encoded")
	}
	return nil
}

func (a *Address) setHosts(text string) error {
	port := "6379"
	if a.Mode == Sentinel {
		port = "26379"
	}
	for i, part := range strings.Split(text, ",") {
		host, p, err := net.SplitHostPort(part)
		if err != nil { // no port
			host, p = strings.TrimSuffix(strings.TrimPrefix(part, "["), "]"), port
		}
		if host == "" || strings.ContainsAny(host, "[]@ /") || (strings.Contains(host, ":") && net.ParseIP(host) == nil) {
			return fmt.Errorf("server %d has no good host name", i+1)
		}
		if n, err := strconv.ParseUint(p, 10, 16); err != nil || n == 0 {
			return fmt.Errorf("server %d has no good port", i+1)
		}
		a.Hosts = append(a.Hosts, net.JoinHostPort(host, p))
	}
	return nil
}

func (a *Address) setPath(path string) (err error) {
	path = strings.TrimSuffix(path, "/")
	if a.Mode == Sentinel {
		if a.Master, err = url.PathUnescape(path); err != nil || path == "" {
			return errors.New("the name of the master is missing: redis-sentinel://host:26379/mymaster")
		}
		return nil
	}
	if path != "" {
		return a.setDB(path)
	}
	return nil
}

func (a *Address) setDB(text string) error {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return errors.New("the database is not a number")
	}
	a.DB = int(n)
	return nil
}

func (a *Address) setQuery(query string) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return errors.New("what follows the question mark is not key=value")
	}
	for key, v := range values {
		value := v[len(v)-1]
		switch {
		case key == "db":
			if err := a.setDB(value); err != nil {
				return err
			}
		case key == "sentinel_user" && a.Mode == Sentinel:
			a.SentinelUser = value
		case key == "sentinel_password" && a.Mode == Sentinel:
			a.SentinelPassword = value
		default:
			return fmt.Errorf("no setting %q here", key)
		}
	}
	return nil
}

// String is the address without user and password, for logs.
func (a Address) String() string {
	scheme := "redis"
	if a.TLS {
		scheme = "rediss"
	}
	if a.Mode != Single {
		scheme += "-" + string(a.Mode)
	}
	text := scheme + "://" + strings.Join(a.Hosts, ",")
	switch {
	case a.Mode == Sentinel && a.DB != 0:
		return text + "/" + url.PathEscape(a.Master) + "?db=" + strconv.Itoa(a.DB)
	case a.Mode == Sentinel:
		return text + "/" + url.PathEscape(a.Master)
	case a.DB != 0:
		return text + "/" + strconv.Itoa(a.DB)
	}
	return text
}

package wechat

import "context"

// Menu says whether the account's menu is made.
type Menu int

// When the menu is made.
const (
	MenuIfNone Menu = iota // where the account has none
	MenuAlways             // in place of whatever is there
	MenuNever
)

const codeNoMenu = 46003

// button is a button of the menu. What it sends is a word that is always heard.
type button struct {
	Type string   `json:"type,omitempty"`
	Name string   `json:"name"`
	Key  string   `json:"key,omitempty"`
	Sub  []button `json:"sub_button,omitempty"`
}

var menuButtons = []button{
	{Type: "click", Name: "催收来电", Key: "催收来电"},
	{Type: "click", Name: "菜单", Key: "菜单"},
	{Name: "更多", Sub: []button{
		{Type: "click", Name: "继续", Key: "继续"},
		{Type: "click", Name: "返回", Key: "返回"},
		{Type: "click", Name: "我的数据", Key: "我的数据"},
		{Type: "click", Name: "帮助", Key: "帮助"},
	}},
}

// makeMenu makes the account's menu. Its buttons come back as events, and are heard like typed words.
func (m *Messenger) makeMenu(ctx context.Context) {
	if m.options.Menu == MenuNever || !m.api.can(menus) {
		return
	}
	err := error(nil)
	if m.options.Menu == MenuIfNone {
		if err = m.api.call(ctx, "/cgi-bin/menu/get", map[string]any{}, nil); err == nil {
			return // somebody made one: it is theirs
		}
	}
	if err == nil || codeOf(err) == codeNoMenu {
		err = m.api.call(ctx, "/cgi-bin/menu/create", map[string]any{"button": menuButtons}, nil)
	}
	if err != nil {
		m.api.failed(menus, err)
		m.options.Log.Info("wechat: the menu was not made", "err", err)
		return
	}
	m.options.Log.Info("wechat: the menu is made")
}

package understand_test

import (
	"runtime"
	"slices"
	"testing"

	"anning/content"
	"anning/content/understand"
	"anning/content/understand/model"
)

func shipped(t testing.TB) *understand.Reader {
	t.Helper()
	lib, err := content.Load(content.Files)
	if err != nil {
		t.Fatal(err)
	}
	r, err := understand.New(lib)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What the program ships with hears what must never be missed, and not what only looks like it.
func TestShippedContent(t *testing.T) {
	r := shipped(t)
	life := []string{"self_harm", "self_harm_ask"}
	for _, tt := range []struct {
		text string
		any  []string // one of these has to be heard, and not as denied
		none []string // none of these may be heard, unless as denied
	}{
		{"我真的不想活了", life, nil},
		{"不 想 活 了，被逼的", life, nil},
		{"我想自sha", life, nil},
		{"活著沒意思，想從樓上跳下去", life, nil},
		{"遗书写好了，放在抽屉里", life, nil},
		{"我把安眠药都数好了", life, nil},
		{"现在站在天台上", life, nil},
		{"拖累家里人，死了算了", life, nil},
		{"这件衣服真是跳楼价", nil, life},
		{"累死了，今天打了一天电话", nil, life},
		{"催收骂我怎么不去死", nil, life},
		{"我没想自杀，就是烦", nil, life},
		{"他们现在就在我家门口砸门", []string{"danger_now"}, nil},
		{"門口站著三個人，一直在敲門", []string{"danger_now"}, nil},
		{"我被他们关在屋里出不去", []string{"danger_now"}, nil},
		{"上个月他们来过一次，坐了十分钟就走了", nil, []string{"danger_now"}},
		{"他们把我通讯录都打了一遍", []string{"third_party_contact"}, nil},
		{"cui收天天打给我爸妈", []string{"third_party_contact"}, nil},
		{"他说不还钱就打断我的腿", []string{"threat_violence"}, nil},
		{"没有打给我家里人", nil, []string{"third_party_contact"}},
		{"今天天气不错", nil, []string{"third_party_contact", "threat_violence", "danger_now", "self_harm"}},
	} {
		m := r.Read(tt.text)
		heard := func(ids []string) bool {
			return slices.ContainsFunc(append(m.Signals, m.Conducts...), func(x understand.Match) bool { return !x.Negated && slices.Contains(ids, x.ID) })
		}
		if tt.any != nil && !heard(tt.any) {
			t.Errorf("%s: nothing of %v in %s", tt.text, tt.any, brief(m))
		}
		if heard(tt.none) {
			t.Errorf("%s: one of %v in %s", tt.text, tt.none, brief(m))
		}
	}
}

func BenchmarkShippedContent(b *testing.B) {
	r := shipped(b)
	b.ReportAllocs()
	for b.Loop() {
		r.Read("七月初每天接四十来个电话，号码从来不重样。上周三开始跟我说要给我老婆打电话、给我丈母娘打电话，还说材料已经送到派出所，让我等通知")
	}
}

func BenchmarkNew(b *testing.B) {
	lib, err := content.Load(content.Files)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := understand.New(lib); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTables says how much stays in memory for reading: the phrases, the lexicon and the model.
func BenchmarkTables(b *testing.B) {
	lib, err := content.Load(content.Files)
	if err != nil {
		b.Fatal(err)
	}
	held := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for b.Loop() {
		before := held()
		m, err := model.Load(model.Weights)
		if err != nil {
			b.Fatal(err)
		}
		r, err := understand.NewWith(lib, m)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(held()-before)/(1<<20), "MB")
		runtime.KeepAlive(r)
	}
}

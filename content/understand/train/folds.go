package train

import (
	"math/rand/v2"

	"anning/content"
	"anning/content/understand"
	"anning/content/understand/model"
)

// Folds measures by cross-validation: the examples are dealt into k parts by chance, each is read by a model that learnt
// from the others only. Parts of the same files are no strangers to each other: the figures are kinder than those of
// texts by other hands.
func Folds(lib *content.Library, examples []Example, k int, options Options) (*Figures, error) {
	order := rand.New(rand.NewPCG(options.Seed, uint64(k))).Perm(len(examples))
	f := &Figures{}
	for part := range k {
		var learn, check []Example
		for i, at := range order {
			if i%k == part {
				check = append(check, examples[at])
			} else {
				learn = append(learn, examples[at])
			}
		}
		file, err := Fit(lib, learn, options)
		if err != nil {
			return nil, err
		}
		m, err := model.New(file)
		if err != nil {
			return nil, err
		}
		r, err := understand.NewWith(lib, m)
		if err != nil {
			return nil, err
		}
		f.add(r, check)
	}
	return f, nil
}

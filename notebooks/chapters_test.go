package notebooks_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestChaptersAreLinked finds each chapter in the README and in the first chapter's list, and at the end of the chapter before.
func TestChaptersAreLinked(t *testing.T) {
	all := paths(t)
	start := strings.Join(texts(read(t, all[0])), "\n")
	for i, path := range all {
		if !strings.Contains(proseOf(t, documents[0]), "](notebooks/"+path+")") {
			t.Errorf("the README has no link to notebooks/%s: add a row to its table of chapters", path)
		}
		if i == 0 {
			continue
		}
		if !strings.Contains(start, "]("+path+")") {
			t.Errorf("%s has no link to %s: add a row to its table of chapters", all[0], path)
		}
		before := read(t, all[i-1]).Cells
		if last := before[len(before)-1]; !strings.Contains(string(last.Source), "]("+path+")") {
			t.Errorf("the last cell of %s has no link to the next chapter, %s", all[i-1], path)
		}
	}
}

var (
	claimID = regexp.MustCompile(`\bID:\s+"([A-Z]\d+)"`)
	counted = regexp.MustCompile(`(?i)\b(\w+teen|twenty)\b (?:claims|sentences)|\ball (\w+teen|twenty)\b`)
)

// TestClaimsLeadToTheirChapters finds each claim of the ledger in the first chapter's table, with a link to a chapter that is
// about it, and their number where a document gives it.
func TestClaimsLeadToTheirChapters(t *testing.T) {
	ids := claims(t)
	start := strings.Join(texts(read(t, paths(t)[0])), "\n")
	for _, id := range ids {
		found := regexp.MustCompile(`\[` + id + `\]\(([^)]*)\)`).FindStringSubmatch(start)
		if found == nil || !strings.HasSuffix(found[1], ".ipynb") || len(found[1]) == len(".ipynb") {
			t.Errorf("the first chapter's table leads from claim %s to %q: give its chapter in Claim.Chapter, and make notebooks", id, found)
			continue
		}
		if !regexp.MustCompile(`\b` + id + `\b`).MatchString(proseOf(t, found[1])) {
			t.Errorf("the first chapter leads from claim %s to %s, which does not mention it", id, found[1])
		}
	}
	for _, found := range beyondClaims(t) {
		if id, chapter := found[1], found[2]+".ipynb"; !regexp.MustCompile(`\b` + id + `\b`).MatchString(proseOf(t, chapter)) {
			t.Errorf("claim %s of the second part leads to %s, which does not mention it", id, chapter)
		}
	}
	numbers := map[int]string{13: "thirteen", 14: "fourteen", 15: "fifteen", 16: "sixteen", 17: "seventeen", 18: "eighteen", 19: "nineteen", 20: "twenty"}
	for _, path := range append(paths(t), documents...) {
		for _, found := range counted.FindAllStringSubmatch(proseOf(t, path), -1) {
			if said := strings.ToLower(found[1] + found[2]); said != numbers[len(ids)] {
				t.Errorf("%s says %q, and the ledger has %d", path, found[0], len(ids))
			}
		}
	}
}

// beyondClaim is the id and the chapter of a claim of the ledger's second part.
var beyondClaim = regexp.MustCompile(`\bID:\s+"([A-Z]{2}\d+)",\s+Chapter:\s+"(\w+)"`)

// beyondClaims are those of the second part, as the source of the ledger gives them.
func beyondClaims(t *testing.T) [][]string {
	t.Helper()
	found := beyondClaim.FindAllStringSubmatch(ledgerSource(t), -1)
	if len(found) < 3 {
		t.Fatalf("found %v only of the second part", found)
	}
	return found
}

// claims are the ids that the source of the ledger gives for the article, which spares linking it.
func claims(t *testing.T) []string {
	t.Helper()
	var ids []string
	for _, found := range claimID.FindAllStringSubmatch(ledgerSource(t), -1) {
		ids = append(ids, found[1])
	}
	if len(ids) < 13 {
		t.Fatalf("found the claims %v only", ids)
	}
	return ids
}

// ledgerSource is the source of package claim.
func ledgerSource(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("../lib/claim/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(source)
	}
	return all.String()
}

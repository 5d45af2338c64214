package sweep

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

const checksumKey = "alphascale.sha256"

// unsealed stands in a file for its checksum while that is computed.
var unsealed = strings.Repeat("0", 2*sha256.Size)

// seal puts the checksum of all bytes of a file into its metadata; for the sum itself, zeros count.
func seal(data []byte) []byte {
	copy(data[bytes.LastIndex(data, []byte(unsealed)):], fmt.Sprintf("%x", sha256.Sum256(data)))
	return data
}

// checksum finds the sum in a file's metadata, where it follows its key and a field's header of two bytes.
var checksum = regexp.MustCompile(`(?s)` + regexp.QuoteMeta(checksumKey) + `..([0-9a-f]{64})`)

// errNoRun says that a file is none of this package's, or what is left of one.
var errNoRun = errors.New("it holds no run of a sweep, or not all of one")

// unseal returns an error unless every byte of a file is as it was written. It does not trust the file to be Parquet: the
// Parquet reader believes whatever length it finds, and of a damaged one takes all the memory that there is.
func unseal(data []byte) error {
	found := checksum.FindAllSubmatchIndex(data, -1)
	if found == nil {
		return errNoRun
	}
	at := found[len(found)-1][2]
	zeroed := bytes.Clone(data)
	copy(zeroed[at:], unsealed)
	if sum := sha256.Sum256(zeroed); hex.EncodeToString(sum[:]) != string(data[at:at+len(unsealed)]) {
		return errors.New("its contents do not match its checksum")
	}
	return nil
}

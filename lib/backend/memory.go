package backend

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// FreeMemory is how many bytes this process can still take without swapping: what the system has available, or what the
// limit of a container leaves, whichever is less. Where neither can be read, as on other systems than Linux, known is
// false.
func FreeMemory() (free float64, known bool) {
	free, known = field("/proc/meminfo", "MemAvailable:")
	free *= 1 << 10
	for _, group := range memoryGroups() {
		if left, limited := group.left(); limited && (!known || left < free) {
			free, known = left, true
		}
	}
	return free, known
}

// memoryGroup is a folder in which Linux accounts for memory, with the names of its files in this version of cgroups.
type memoryGroup struct{ folder, limit, usage, cache string }

// memoryGroups lists the groups that limit this process, up to the topmost: /proc/self/cgroup names the innermost one,
// which a container may see at the top instead.
func memoryGroups() []memoryGroup {
	data, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil
	}
	var all []memoryGroup
	for _, line := range strings.Fields(string(data)) {
		part := strings.SplitN(line, ":", 3) // number:controllers:path
		if len(part) < 3 {
			continue
		}
		root, group := "/sys/fs/cgroup", memoryGroup{limit: "memory.max", usage: "memory.current", cache: "file"}
		switch part[1] {
		case "": // version 2
		case "memory":
			root, group = root+"/memory", memoryGroup{limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes", cache: "total_cache"}
		default:
			continue
		}
		for path := part[2]; ; path = filepath.Dir(path) {
			group.folder = filepath.Join(root, path)
			all = append(all, group)
			if path == "/" || path == "." {
				break
			}
		}
	}
	return all
}

// left is what the group's limit leaves, the cache of files not counted, which gives way.
func (g memoryGroup) left() (bytes float64, limited bool) {
	limit, limited := field(filepath.Join(g.folder, g.limit), "")
	usage, known := field(filepath.Join(g.folder, g.usage), "")
	cache, _ := field(filepath.Join(g.folder, "memory.stat"), g.cache)
	return max(0, limit-usage+cache), limited && known
}

// field reads the number that follows the name at the beginning of a line; without a name, the number of the first line.
func field(file, name string) (number float64, found bool) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, false
	}
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if name != "" && len(words) > 1 && words[0] == name {
			words = words[1:]
		} else if name != "" || len(words) == 0 {
			continue
		}
		number, err = strconv.ParseFloat(words[0], 64) // "max" is no number: no limit
		return number, err == nil
	}
	return 0, false
}

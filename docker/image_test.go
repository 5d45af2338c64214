package docker_test

import (
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// firstCellLimit is what a reader may have to wait for the first cell, and sizeLimit what the image without CUDA may weigh.
const (
	firstCellLimit = 5.0
	sizeLimit      = 3_000_000_000
)

// TestImage builds the image of docker/Dockerfile, runs it and looks into it.
//
// It takes minutes, so it runs only where it is asked for: `make image-test`. CONTAINER_ENGINE names another engine than
// docker, podman or buildah, ALPHASCALE_IMAGE an image that is built already.
func TestImage(t *testing.T) {
	i := image{engine: engine(t), name: os.Getenv("ALPHASCALE_IMAGE")}
	if i.name == "" {
		i.name = "alphascale:test"
		requireBases(t, i.engine)
		build(t, i.name)
	}
	config := i.inspect(t)
	t.Run("size", func(t *testing.T) {
		t.Logf("%d MB", config.Size/1_000_000)
		if config.Size > sizeLimit {
			t.Errorf("the image weighs %d bytes, more than %d", config.Size, int64(sizeLimit))
		}
	})
	t.Run("user", func(t *testing.T) {
		if out := i.run(t, "id", "-u"); strings.TrimSpace(out) == "0" {
			t.Error("it runs as root")
		}
	})
	t.Run("notebook", func(t *testing.T) { testNotebook(t, i) })
	t.Run("report", func(t *testing.T) {
		out := i.run(t, "bash", "-c", "ALPHASCALE_EFFORT=quick make report && ls -s report/index.html report/04_learning_rate.html")
		t.Log(out)
	})
	t.Run("materials", func(t *testing.T) { testMaterials(t, i) })
	t.Run("server", func(t *testing.T) { testServer(t, i, config) })
	t.Run("origin", func(t *testing.T) { testOrigin(t, i, config) })
}

// testNotebook executes a chapter without a network, without a capability and without a way to get any.
func testNotebook(t *testing.T, i image) {
	out := i.run(t, "bash", "-c", `. docker/lab/env.sh
		exec "$LAB/venv/bin/python" docker/notebook/notebook.py run notebooks/04_learning_rate.ipynb /tmp/executed.ipynb`)
	var cells []struct{ Wall, Wait float64 }
	if err := json.Unmarshal([]byte(out), &cells); err != nil || len(cells) == 0 {
		t.Fatalf("the times of the cells: %v in %q", err, out)
	}
	t.Logf("the first cell took %.2f s, the slowest %.2f s", cells[0].Wall,
		slices.MaxFunc(cells, func(a, b struct{ Wall, Wait float64 }) int { return int(1000 * (a.Wall - b.Wall)) }).Wall)
	if cells[0].Wall > firstCellLimit {
		t.Errorf("the first cell took %.1f s, more than %.0f", cells[0].Wall, firstCellLimit)
	}
}

// testMaterials reads the two bills of materials and looks for what must be in them.
func testMaterials(t *testing.T, i image) {
	for file, wanted := range map[string][]string{
		"go.cdx.json":     {"github.com/gomlx/gomlx", "github.com/janpfeifer/gonb", "gonum.org/v1/plot"},
		"python.cdx.json": {"jupyterlab", "nbclient"},
	} {
		var bill struct {
			BOMFormat  string
			Components []struct{ Name, Version string }
		}
		if err := json.Unmarshal([]byte(i.run(t, "cat", "/usr/share/alphascale/bom/"+file)), &bill); err != nil || bill.BOMFormat != "CycloneDX" {
			t.Errorf("%s is no bill of materials: %v", file, err)
		}
		versions := map[string]string{}
		for _, c := range bill.Components {
			versions[c.Name] = c.Version
		}
		for _, name := range wanted {
			if versions[name] == "" {
				t.Errorf("%s does not list %s with its version", file, name)
			}
		}
	}
}

// testServer asks the server for what only the token opens, without one, with a wrong one and with the right one; it does
// so inside the container, for which that needs no network.
func testServer(t *testing.T, i image, config config) {
	const given = "a-token-of-the-test"
	for _, c := range []struct{ name, given string }{{"token given", given}, {"token empty", ""}, {"token made", "-"}} {
		t.Run(c.name, func(t *testing.T) {
			args := []string{"--env", "JUPYTER_TOKEN=" + c.given}
			if c.given == "-" {
				args = nil
			}
			server := i.start(t, args...)
			token := c.given
			printed := regexp.MustCompile(`http://127\.0\.0\.1:8888/\S+`)
			deadline := time.Now().Add(90 * time.Second)
			for !printed.MatchString(server.logs()) {
				if time.Now().After(deadline) {
					t.Fatalf("it printed no address in 90 s, but:\n%s", server.logs())
				}
				time.Sleep(200 * time.Millisecond)
			}
			address := printed.FindString(server.logs())
			if !strings.Contains(address, "/lab/tree/notebooks/00_start.ipynb") {
				t.Errorf("it opens %s, not the first chapter", address)
			}
			if c.given == given {
				if strings.Contains(server.logs(), given) {
					t.Error("it prints the token that it was given")
				}
			} else {
				u, err := url.Parse(address)
				if err != nil {
					t.Fatal(err)
				}
				if token = u.Query().Get("token"); len(token) < 32 {
					t.Fatalf("it printed %s, which has no token of its own making", address)
				}
			}
			if out, err := server.exec(config.health()...); err != nil {
				t.Errorf("the health check fails: %v\n%s", err, out)
			}
			// 127.0.0.2 answers only where a server listens on all addresses, as it must to be published.
			for _, ask := range []struct {
				token string
				want  string
			}{{"", "403"}, {"wrong", "403"}, {token, "200"}} {
				got, err := server.status("http://127.0.0.2:8888/api/contents/notebooks", ask.token)
				if err != nil || got != ask.want {
					t.Errorf("with the token %q it answers %s %v, want %s", ask.token, got, err, ask.want)
				}
			}
			began := time.Now()
			server.stop(t)
			if d := time.Since(began); d > 8*time.Second {
				t.Errorf("it took %v to stop, as if it did not get the signal", d)
			}
		})
	}
	t.Run("health without a server", func(t *testing.T) {
		idle := i.start(t, "--", "sleep", "60")
		if _, err := idle.exec(config.health()...); err == nil {
			t.Error("the health check passes where no server runs")
		}
	})
}

// testOrigin looks for what a build can leave behind: settings of the machine that built the image, and secrets.
func testOrigin(t *testing.T, i image, config config) {
	settings := regexp.MustCompile(`(?i)^(.*proxy|GO(PRIVATE|NOSUMDB|SUMDB|INSECURE|FLAGS|AUTH)|PIP_.*|UV_.*|NPM_.*|.*(token|secret|password|credential|_key|ca_bundle|cert_file).*)=`)
	for _, e := range config.Config.Env {
		if settings.MatchString(e) {
			t.Errorf("the environment has %s", e)
		}
	}
	// Root sees every file.
	sees := func(script string) string { return i.runAs(t, "0", "bash", "-c", script) }
	if out := sees(`go env -changed GOPROXY GOSUMDB; HOME=/home/alpha go env -changed GOPROXY GOSUMDB`); out != "" {
		t.Errorf("go's settings are not its own: %q", out)
	}
	if out := sees(`for h in /root /home/*; do for f in .netrc .git-credentials .gitconfig .config .pip .npmrc .docker .ssh .aws .cache/pip \
		.bash_history .jupyter alphascale/.git alphascale/.lab/setup.log; do ls -d $h/$f; done; done 2>/dev/null
		ls -d /etc/pip.conf /etc/apt/auth.conf /etc/apt/auth.conf.d/* /etc/apt/apt.conf.d/*proxy* 2>/dev/null
		find /home/alpha/alphascale/.lab/run /home/alpha/alphascale/.lab/config -type f; true`); out != "" {
		t.Errorf("it holds\n%s", out)
	}
	hosts := hostsOfThisMachine(t)
	t.Logf("looking for %d host names of this machine's settings", len(hosts))
	if len(hosts) > 0 {
		patterns := strings.Join(hosts, "\n")
		// The folders that an engine mounts are the machine's that runs the container.
		if out := i.runAs(t, "0", "bash", "-c", `grep --recursive --files-with-matches --fixed-strings --devices=skip --regexp="$1" \
			/etc /home /opt /root /srv /tmp /usr /var --exclude={hosts,hostname,resolv.conf}; [ $? -le 1 ]`, "grep", patterns); out != "" {
			t.Errorf("these files name a host of this machine's settings:\n%s", out)
		}
	}
}

// hostsOfThisMachine returns the registries and proxies that this machine is set to use and that are not everybody's.
func hostsOfThisMachine(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, e := range os.Environ() {
		name, value, _ := strings.Cut(e, "=")
		if n := strings.ToUpper(name); strings.HasSuffix(n, "PROXY") || strings.HasSuffix(n, "INDEX_URL") || n == "PIP_FIND_LINKS" {
			all = append(all, value)
		}
	}
	for _, ask := range [][]string{{"go", "env", "GOPROXY"}, {"python3", "-m", "pip", "config", "list"}, {"npm", "config", "get", "registry"}} {
		out, err := exec.Command(ask[0], ask[1:]...).Output()
		if err == nil {
			all = append(all, string(out))
		}
	}
	public := regexp.MustCompile(`(^|\.)(golang\.org|pypi\.org|pythonhosted\.org|npmjs\.org)$|^localhost$|^127\.`)
	var hosts []string
	for _, m := range regexp.MustCompile(`https?://(?:[^/@\s,|'"]*@)?([^/:@\s,|'"]+)`).FindAllStringSubmatch(strings.Join(all, "\n"), -1) {
		if !public.MatchString(m[1]) && !slices.Contains(hosts, m[1]) {
			hosts = append(hosts, m[1])
		}
	}
	return hosts
}

package docker_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// engine returns the command that runs containers, and skips the test where there is none.
func engine(t *testing.T) string {
	t.Helper()
	if os.Getenv("ALPHASCALE_IMAGE_TEST") == "" {
		t.Skip("building the image takes minutes: run 'make image-test'")
	}
	var stderr bytes.Buffer
	cmd := exec.Command("bash", "image.sh", "engine")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Skip(strings.TrimSpace(stderr.String()))
	}
	name := strings.TrimSpace(string(out))
	if strings.HasSuffix(name, "buildah") {
		t.Skip("buildah can build the image, but this test runs it and needs docker or podman for that")
	}
	return name
}

// requireBases skips the test where the base images are neither here nor to be had.
func requireBases(t *testing.T, engine string) {
	t.Helper()
	text, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range regexp.MustCompile(`(?m)^FROM (\S+:\S+)`).FindAllStringSubmatch(string(text), -1) {
		if exec.Command(engine, "image", "inspect", from[1]).Run() == nil {
			continue
		}
		if out, err := exec.Command(engine, "pull", from[1]).CombinedOutput(); err != nil {
			t.Skipf("the base image %s is not here and cannot be pulled: %s", from[1], out)
		}
	}
}

func build(t *testing.T, name string) {
	t.Helper()
	began := time.Now()
	cmd := exec.Command("bash", "image.sh", "build")
	cmd.Env = append(os.Environ(), "IMAGE="+name)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("the image does not build: %v\n%s", err, out)
	}
	t.Logf("built in %v", time.Since(began).Round(time.Second))
}

type image struct{ engine, name string }

// config is the part of an image's description that the test reads. Docker has the health check in Config, podman beside it.
type config struct {
	Size   int64
	Config struct {
		Env         []string
		Healthcheck health
	}
	Healthcheck health
}

type health struct{ Test []string }

func (c config) health() []string {
	test := c.Config.Healthcheck.Test
	if len(test) == 0 {
		test = c.Healthcheck.Test
	}
	if len(test) < 2 || test[0] != "CMD" {
		return []string{"false"}
	}
	return test[1:]
}

func (i image) inspect(t *testing.T) config {
	t.Helper()
	var all []config
	if err := json.Unmarshal([]byte(i.do(t, "image", "inspect", i.name)), &all); err != nil || len(all) != 1 {
		t.Fatalf("inspect: %v", err)
	}
	return all[0]
}

// run runs a command in the image as its user, as confined as can be, and returns what it prints.
func (i image) run(t *testing.T, command ...string) string {
	t.Helper()
	return i.do(t, append([]string{
		"run", "--rm", "--network", "none", "--cap-drop", "all", "--security-opt", "no-new-privileges",
		"--no-healthcheck", i.name,
	}, command...)...)
}

func (i image) runAs(t *testing.T, user string, command ...string) string {
	t.Helper()
	return i.do(t, append([]string{"run", "--rm", "--network", "none", "--no-healthcheck", "--user", user, i.name}, command...)...)
}

func (i image) do(t *testing.T, args ...string) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command(i.engine, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}

// start runs the image in the background, with flags and, after "--", another command than its own.
func (i image) start(t *testing.T, flags ...string) container {
	t.Helper()
	args := []string{"run", "--detach", "--network", "none", "--no-healthcheck"}
	var command []string
	if at := slices.Index(flags, "--"); at >= 0 {
		flags, command = flags[:at], flags[at+1:]
	}
	args = append(append(append(args, flags...), i.name), command...)
	c := container{i.engine, strings.TrimSpace(i.do(t, args...))}
	t.Cleanup(func() { exec.Command(c.engine, "rm", "--force", c.id).Run() })
	return c
}

type container struct{ engine, id string }

func (c container) logs() string {
	out, _ := exec.Command(c.engine, "logs", c.id).CombinedOutput()
	return string(out)
}

func (c container) exec(command ...string) (string, error) {
	out, err := exec.Command(c.engine, append([]string{"exec", c.id}, command...)...).CombinedOutput()
	return string(out), err
}

// status asks a page of the server inside the container and returns the number of the answer.
func (c container) status(page, token string) (string, error) {
	const ask = `import sys, urllib.error, urllib.request
request = urllib.request.Request(sys.argv[1], headers={"Authorization": "token " + sys.argv[2]} if sys.argv[2] else {})
try:
    print(urllib.request.urlopen(request, timeout=10).status)
except urllib.error.HTTPError as err:
    print(err.code)`
	out, err := c.exec("python3", "-c", ask, page, token)
	return strings.TrimSpace(out), err
}

func (c container) stop(t *testing.T) {
	t.Helper()
	if out, err := exec.Command(c.engine, "stop", "--time", "10", c.id).CombinedOutput(); err != nil {
		t.Errorf("stop: %v\n%s", err, out)
	}
}

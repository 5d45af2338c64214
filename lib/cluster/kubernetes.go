package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"alphascale/lib/sweep"
)

// Kubernetes writes an Indexed Job (batch/v1) for a sweep; it does not submit it. The image needs a C library as new as that of the machine on
// which the program was built, and nothing else, since program and plugin come from the sweep's Folder. That lies on a volume of which a
// PersistentVolumeClaim that many nodes may write to (ReadWriteMany) is mounted in every pod, where it is mounted here.
type Kubernetes struct {
	Image  string // such as "debian:bookworm-slim", or this project's
	Claim  string // the PersistentVolumeClaim
	Mount  string // the path at which it is mounted, here and in the pods; Spec.Folder lies below it
	Tasks  int    // pods that go side by side; 16 if 0
	CPU    string // of each, as in "2"; "1" if empty
	Memory string // of each, as in "4Gi"; "1Gi" if empty
}

// Join is that of sweep.Engine.
func (k Kubernetes) Join(ctx context.Context, w *sweep.Work) error {
	return join(ctx, w, func() error { return nil }) // the Job starts what has failed again
}

// Make is that of sweep.Engine. It writes the manifest and says how it is submitted, as an error; when the Job has ended, running the sweep
// again collects what it made.
func (k Kubernetes) Make(_ context.Context, w *sweep.Work, runs []string) error {
	if t := thisTask(); t != nil {
		t.fail(errOther)
	}
	written, err := writeDown(k, w, runs)
	if err != nil {
		return err
	}
	return fmt.Errorf("%d runs are missing, and their Job is in %s: submit it by `%s`, and run the sweep again when it is complete",
		len(runs), written.File, written.Command)
}

func (k Kubernetes) tasks() int                 { return Slurm{Tasks: k.Tasks}.tasks() }
func (k Kubernetes) command(file string) string { return "kubectl apply -f " + quoted(file) }

func (k Kubernetes) write(j *job) (string, error) {
	if k.Image == "" || k.Claim == "" || k.Mount == "" {
		return "", fmt.Errorf("Image = %q, Claim = %q and Mount = %q: a pod needs all three", k.Image, k.Claim, k.Mount)
	}
	if within, err := filepath.Rel(k.Mount, j.folder); err != nil || strings.HasPrefix(within, "..") {
		return "", fmt.Errorf("the sweep's folder %s is not below Mount = %q, so that no pod would see it", j.folder, k.Mount)
	}
	name := filepath.Join(j.folder, "job.yaml")
	if err := os.WriteFile(name, []byte(k.manifest(j)), 0o666); err != nil {
		return "", fmt.Errorf("writing the job: %w", err)
	}
	return name, nil
}

// manifest is the Job. Its strings are quoted as JSON quotes them, which YAML reads.
func (k Kubernetes) manifest(j *job) string {
	var environment strings.Builder
	for _, v := range j.environment() {
		fmt.Fprintf(&environment, "\n            - {name: %s, value: %s}", v.name, yaml(v.value))
	}
	values := []string{
		"@sweep", yaml("sweep-" + j.Sweep + "-" + filepath.Base(j.folder)), "@tasks", fmt.Sprint(j.Tasks), "@image", yaml(k.Image),
		"@command", yaml(append([]string{j.program()}, os.Args[1:]...)), "@variables", environment.String(), "@index", taskVariable,
		"@cpu", yaml(or(k.CPU, "1")), "@memory", yaml(or(k.Memory, "1Gi")), "@mount", yaml(k.Mount), "@claim", yaml(k.Claim),
	}
	return strings.NewReplacer(values...).Replace(template)
}

// A pod that is evicted, or whose node dies, is replaced and counts for nothing; one whose program fails is tried twice more.
const template = `apiVersion: batch/v1
kind: Job
metadata:
  name: @sweep
spec:
  completionMode: Indexed
  completions: @tasks
  parallelism: @tasks
  backoffLimitPerIndex: 2
  podFailurePolicy:
    rules:
      - action: Ignore
        onPodConditions:
          - {type: DisruptionTarget, status: "True"}
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 60
      containers:
        - name: task
          image: @image
          command: @command
          env:@variables
            - name: @index
              valueFrom: {fieldRef: {fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']"}}
            - name: ALPHASCALE_NODE
              valueFrom: {fieldRef: {fieldPath: spec.nodeName}}
          resources:
            requests: {cpu: @cpu, memory: @memory}
            limits: {cpu: @cpu, memory: @memory}
          volumeMounts:
            - {name: folder, mountPath: @mount}
      volumes:
        - name: folder
          persistentVolumeClaim: {claimName: @claim}
`

// yaml is a string, or a list of them.
func yaml(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // of strings
	}
	return string(text)
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// Command kubernetes reads a manifest and says what of it the API's types of a Job do not know, or lack.
package main

import (
	"fmt"
	"io"
	"os"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

func main() {
	if err := check(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check(in io.Reader) error {
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	var job batch.Job
	if err := yaml.UnmarshalStrict(text, &job); err != nil {
		return err
	}
	pod := job.Spec.Template.Spec
	switch {
	case job.APIVersion != "batch/v1" || job.Kind != "Job":
		return fmt.Errorf("it is a %s of %s, not a Job of batch/v1", job.Kind, job.APIVersion)
	case job.Spec.CompletionMode == nil || *job.Spec.CompletionMode != batch.IndexedCompletion:
		return fmt.Errorf("its completions are not indexed")
	case job.Spec.Completions == nil || job.Spec.BackoffLimitPerIndex == nil || pod.RestartPolicy != core.RestartPolicyNever:
		return fmt.Errorf("it lacks completions, or a limit for each index, which goes with restartPolicy Never alone")
	case len(pod.Containers) != 1 || len(pod.Volumes) != 1 || pod.Volumes[0].PersistentVolumeClaim == nil:
		return fmt.Errorf("it has not one container and one claim")
	case len(pod.Containers[0].VolumeMounts) != 1 || pod.Containers[0].VolumeMounts[0].Name != pod.Volumes[0].Name:
		return fmt.Errorf("the container does not mount the volume")
	}
	fmt.Println(job.Name, *job.Spec.Completions, pod.Containers[0].Image)
	return nil
}

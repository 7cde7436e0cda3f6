{{- define "tidewal.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "tidewal.selector" -}}
app.kubernetes.io/name: tidewal
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "tidewal.labels" -}}
{{ include "tidewal.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "tidewal.rules" -}}
- apiGroups: [tidewal.dev]
  resources: [sqlitereplications, sqlitecheckpoints]
  verbs: [get, list, watch, create, update, patch]
- apiGroups: [tidewal.dev]
  resources: [sqlitereplications/status, sqlitereplications/finalizers]
  verbs: [get, update, patch]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch, create, update, patch]
- apiGroups: [""]
  resources: [secrets, persistentvolumeclaims]
  verbs: [get]
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
- apiGroups: [apps]
  resources: [deployments, replicasets, statefulsets]
  verbs: [get]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get]
- apiGroups: [objectstorage.k8s.io]
  resources: [bucketclaims, bucketaccesses]
  verbs: [get, list, watch, create]
{{- end -}}

//! Deployments in the manner of public projects: each is planned, with what is left out by name, or
//! refused for a reason that names the field.

use crate::support::read_built;

const HEAD: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app.kubernetes.io/name: web, app.kubernetes.io/managed-by: Helm}
  annotations: {deployment.kubernetes.io/revision: \"3\"}
";

const PLANNED: [(&str, &[&str]); 5] = [
    // The shortest there is.
    (
        "spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: coffee-shop, image: \"registry.example/web:1.2.3\"}]
",
        &["containers[coffee-shop].image"],
    ),
    // A chart's output: everything is written, much of it empty.
    (
        "spec:
  replicas: 3
  revisionHistoryLimit: 10
  minReadySeconds: 5
  selector:
    matchLabels: &labels
      app.kubernetes.io/name: web
      app.kubernetes.io/instance: release
  template:
    metadata:
      labels: *labels
      annotations:
        checksum/config: 2f1c0e
    spec:
      serviceAccountName: web
      securityContext: {}
      containers:
        - name: coffee-shop
          securityContext: {}
          image: registry.example/web:1.2.3
          imagePullPolicy: IfNotPresent
          ports:
            - {name: http, containerPort: 80, protocol: TCP}
          livenessProbe:
            httpGet: {path: /, port: http}
          readinessProbe:
            httpGet: {path: /, port: http}
          resources: {}
      nodeSelector: {}
      affinity: {}
      tolerations: []
",
        &[
            "spec.minReadySeconds",
            "spec.revisionHistoryLimit",
            "spec.template.spec.affinity",
            "spec.template.spec.nodeSelector",
            "spec.template.spec.securityContext",
            "spec.template.spec.serviceAccountName",
            "spec.template.spec.tolerations",
            "containers[coffee-shop].image",
            "containers[coffee-shop].livenessProbe",
        ],
    ),
    // Mounts, and volumes of all kinds.
    (
        "spec:
  template:
    spec:
      containers:
      - name: coffee-shop
        image: web
        volumeMounts:
        - mountPath: /etc/web
          name: config
          readOnly: true
        - {mountPath: /data, name: data, subPath: web}
        resources:
          limits: {cpu: \"1\", memory: 512Mi, ephemeral-storage: 1Gi}
          requests: {memory: 256Mi}
      volumes:
      - name: config
        configMap: {name: web, defaultMode: 0644}
      - name: data
        persistentVolumeClaim: {claimName: data}
",
        &[],
    ),
    // The same without an octal number.
    (
        "spec:
  template:
    spec:
      containers:
      - name: coffee-shop
        image: web
        volumeMounts: [{mountPath: /data, name: data}]
        resources:
          limits: {cpu: \"1\", memory: 512Mi, ephemeral-storage: 1Gi}
      volumes: [{name: data, emptyDir: {medium: Memory, sizeLimit: 64Mi}}]
",
        &[
            "spec.template.spec.volumes",
            "containers[coffee-shop].volumeMounts",
            "containers[coffee-shop].resources.limits.ephemeral-storage",
        ],
    ),
    // Spread over zones, with a rolling update in per cent.
    (
        "spec:
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}
  progressDeadlineSeconds: 600
  template:
    spec:
      terminationGracePeriodSeconds: 60
      topologySpreadConstraints:
        - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule}
      imagePullSecrets: [{name: registry}]
      containers:
        - name: coffee-shop
          image: web
          lifecycle: {preStop: {sleep: {seconds: 15}}}
          env:
            - {name: LOG, value: \"info,web=debug\"}
            - name: EMPTY
          startupProbe: {tcpSocket: {port: 80}}
",
        &[
            "spec.progressDeadlineSeconds",
            "spec.template.spec.topologySpreadConstraints",
            "spec.template.spec.imagePullSecrets",
            "containers[coffee-shop].startupProbe",
        ],
    ),
];

const REFUSED: [(&str, &str); 15] = [
    // A migration before the start.
    (
        "      initContainers:
        - {name: migrate, image: web, command: [migrate, up]}
      containers: [{name: coffee-shop, image: web}]
",
        "spec.template.spec.initContainers",
    ),
    // A proxy beside it.
    (
        "      containers:
        - {name: coffee-shop, image: web}
        - {name: proxy, image: proxy, args: [--upstream, \"http://localhost\"]}
",
        "spec.template.spec.containers[proxy]",
    ),
    (
        "      containers: [{name: coffee-shop, image: web, args: [serve, --port=80]}]\n",
        "containers[coffee-shop].args",
    ),
    (
        "      containers:
        - name: coffee-shop
          command: [/bin/sh, -c]
          args:
            - |
              set -e
              exec web --port \"$PORT\"
",
        "containers[coffee-shop].args",
    ),
    (
        "      containers:
        - name: coffee-shop
          envFrom: [{configMapRef: {name: web}}, {secretRef: {name: web, optional: true}}]
",
        "containers[coffee-shop].envFrom",
    ),
    (
        "      containers:
        - name: coffee-shop
          env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: web, key: password}}}]
",
        "containers[coffee-shop].env[PASSWORD].valueFrom.secretKeyRef",
    ),
    (
        "      containers:
        - name: coffee-shop
          env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
",
        "containers[coffee-shop].env[POD_IP].valueFrom.fieldRef",
    ),
    // One variable made of others.
    (
        "      containers:
        - name: coffee-shop
          env: [{name: HOST, value: db}, {name: URL, value: \"postgres://$(HOST)/web\"}]
",
        "containers[coffee-shop].env[URL]",
    ),
    // A number where a text must be.
    (
        "      containers: [{name: coffee-shop, env: [{name: WORKERS, value: 4}]}]\n",
        "containers[coffee-shop].env[WORKERS]",
    ),
    // Defaults that several containers share.
    (
        "      containers:
        - <<: {image: web, imagePullPolicy: Always}
          name: coffee-shop
",
        "<< in line 11",
    ),
    (
        "      containers:
        - name: coffee-shop
          lifecycle: {preStop: {exec: {command: [sleep, \"15\"]}}}
",
        "containers[coffee-shop].lifecycle.preStop.exec",
    ),
    (
        "      containers:
        - {name: coffee-shop, resources: {limits: {memory: 1Gi, nvidia.com/gpu: 1}}}
",
        "containers[coffee-shop].resources.limits.nvidia.com/gpu",
    ),
    (
        "      hostNetwork: true
      containers: [{name: coffee-shop}]
",
        "spec.template.spec.hostNetwork",
    ),
    (
        "      containers: [{name: coffee-shop, resizePolicy: []}]\n",
        "containers[coffee-shop].resizePolicy",
    ),
    // Another container of the project.
    ("      containers: [{name: web, image: web}]\n", "spec.template.spec.containers[web]"),
];

#[test]
fn a_deployment_is_planned_and_what_is_left_out_is_named() {
    for (spec, named) in PLANNED {
        match read_built(format!("{HEAD}{spec}")) {
            Ok(deployment) => {
                let unrehearsed = &deployment.unrehearsed;
                for name in named {
                    assert!(unrehearsed.iter().any(|n| n.ends_with(name)), "{name}: {deployment}");
                }
            }
            // YAML 1.1 has octal numbers there.
            Err(error) => {
                assert!(named.is_empty() && error.contains("has 0644 in line"), "{error}")
            }
        }
    }
}

#[test]
fn or_it_is_refused_and_the_field_is_named() {
    for (pod, field) in REFUSED {
        let error = read_built(format!("{HEAD}spec:\n  template:\n    spec:\n{pod}"));
        let error = error.expect_err(field);
        assert!(error.contains(field), "{field}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

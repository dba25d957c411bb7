#!/usr/bin/env python3
"""manifests.py: what compose.yaml and deploy/ run, read from them.

    manifests.py check PROGRAM   structure, references, limits and the program's options; says what is wrong
    manifests.py names           a line for each container
    manifests.py shell NAME      memory=BYTES percent=OF_A_CPU, and the arguments set to its environment and command; secrets
                                 are left out
"""
import re
import shlex
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
# What AWS offers (CPU units: MiB), as far as a collector needs.
FARGATE_SIZES = {256: {512, 1024, 2048}, 512: {1024, 2048, 3072, 4096}}
SHUTDOWN_SECONDS = 25  # --shutdown-timeout's default


class Tag(dict):
    """An intrinsic function: {"Ref": "Image"}."""


class Loader(yaml.SafeLoader):
    pass


def intrinsic(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        return Tag({suffix: loader.construct_scalar(node)})
    return Tag({suffix: loader.construct_sequence(node, deep=True)})


Loader.add_multi_constructor("!", intrinsic)


def load(path):
    return yaml.load((ROOT / path).read_text(), Loader)


def size(text):
    number, unit = re.fullmatch(r"(\d+)([kmg]?)i?b?", str(text).lower()).groups()
    return int(number) * UNITS.get(unit, 1)


def compose_containers(compose):
    for name in ("collect", "scheduled"):
        service = compose["services"][name]
        yield {
            "name": "compose-" + name,
            "memory": size(service["mem_limit"]),
            "percent": 100,
            "environment": {k: v for k, v in service["environment"].items() if k != "DATABASE_URL"},
            "entrypoint": service.get("entrypoint", []),
            "arguments": [word.replace("$$", "$") for word in service["command"]],
        }


def kubernetes_containers(job):
    for container in pod_of(job)["containers"]:
        limits = container["resources"]["limits"]
        yield {
            "name": "kubernetes",
            "memory": size(limits["memory"]),
            "percent": int(limits["cpu"].removesuffix("m")) // 10,
            "environment": {e["name"]: e["value"] for e in container["env"] if "value" in e},
            "arguments": container["args"],
        }


def pod_of(job):
    return job["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def fargate_tasks(stack):
    return {n: r["Properties"] for n, r in stack["Resources"].items() if r["Type"] == "AWS::ECS::TaskDefinition"}


def fargate_containers(stack):
    for name, task in fargate_tasks(stack).items():
        container = task["ContainerDefinitions"][0]
        plain = [e for e in container["Environment"] if "Name" in e]
        yield {
            "name": "fargate-" + name,
            "memory": container["Memory"] << 20,
            "percent": int(task["Cpu"]) * 100 // 1024,
            "environment": {e["Name"]: e["Value"] if isinstance(e["Value"], str) else "you@example.org" for e in plain},
            "arguments": container["Command"],
        }


def containers():
    yield from compose_containers(load("compose.yaml"))
    yield from kubernetes_containers(load("deploy/kubernetes/cronjob.yaml"))
    yield from fargate_containers(load("deploy/fargate/teesheet.yaml"))


def check_compose(compose, want):
    dockerfile = (ROOT / "Dockerfile").read_text()
    stages = set(re.findall(r"^FROM .* AS (\w+)$", dockerfile, re.M))
    for name, service in compose["services"].items():
        build = service.get("build", {})
        target = build.get("target") if isinstance(build, dict) else None
        want("image" in service or build, f"compose {name}: neither image nor build")
        want(target is None or target in stages, f"compose {name}: the Dockerfile has no stage {target}")
        for other in service.get("depends_on", {}):
            want(other in compose["services"], f"compose {name}: depends on {other}, which there is not")
        for volume in service.get("volumes", []):
            want(volume.split(":")[0] in compose["volumes"], f"compose {name}: volume {volume} is not declared")
    for name in ("collect", "scheduled"):
        service = compose["services"][name]
        want(service["read_only"] and service["cap_drop"] == ["ALL"], f"compose {name}: may write or has capabilities")
        want(int(service["stop_grace_period"][:-1]) > SHUTDOWN_SECONDS, f"compose {name}: is killed before it has drained")


def check_kubernetes(job, want):
    spec, pod = job["spec"], pod_of(job)
    want((job["apiVersion"], job["kind"]) == ("batch/v1", "CronJob"), "kubernetes: no CronJob of batch/v1")
    want(spec["concurrencyPolicy"] == "Forbid", "kubernetes: concurrencyPolicy is not Forbid")
    want(spec["jobTemplate"]["spec"]["backoffLimit"] == 0, "kubernetes: backoffLimit is not 0")
    want(pod["restartPolicy"] == "Never", "kubernetes: restartPolicy is not Never")
    want(pod["terminationGracePeriodSeconds"] > SHUTDOWN_SECONDS, "kubernetes: is killed before it has drained")
    want(pod["securityContext"]["runAsNonRoot"], "kubernetes: may be root")
    volumes = {v["name"] for v in pod["volumes"]}
    for container in pod["containers"]:
        security = container["securityContext"]
        want(security["readOnlyRootFilesystem"] and not security["allowPrivilegeEscalation"], "kubernetes: not locked down")
        want(container["resources"]["limits"]["memory"], "kubernetes: no memory limit")
        for mount in container["volumeMounts"]:
            want(mount["name"] in volumes, f"kubernetes: no volume {mount['name']}")


def references(value):
    """Every name that an intrinsic function below `value` refers to, conditions with a mark."""
    if isinstance(value, Tag):
        [(kind, argument)] = value.items()
        if kind == "Ref":
            yield argument
        elif kind == "GetAtt":
            yield argument.split(".")[0]
        elif kind == "Sub":
            yield from re.findall(r"\$\{([A-Za-z:]+)\}", argument)
        elif kind == "If":
            yield "condition " + argument[0]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    for child in children:
        yield from references(child)


def check_fargate_references(stack, want):
    named = set(references(stack))
    conditions = {"condition " + name for name in stack["Conditions"]}
    known = set(stack["Parameters"]) | set(stack["Resources"]) | conditions
    for name in named:
        want(name in known or name.startswith("AWS::"), f"fargate: {name} is not defined")
    for name in (set(stack["Parameters"]) | conditions) - named:
        want(False, f"fargate: {name} is used nowhere")
    for name, resource in stack["Resources"].items():
        want(re.fullmatch(r"AWS(::\w+){2}", resource["Type"]), f"fargate: {name} has no type")


def check_fargate(stack, want):
    check_fargate_references(stack, want)
    want(set(stack["Parameters"]["Architecture"]["AllowedValues"]) == {"ARM64", "X86_64"}, "fargate: not both architectures")
    for name, task in fargate_tasks(stack).items():
        [container] = task["ContainerDefinitions"]
        memory = {e["Name"]: e["Value"] for e in container["Environment"] if "Name" in e}.get("TEESHEET_MEMORY", "0")
        want(int(task["Memory"]) in FARGATE_SIZES.get(int(task["Cpu"]), ()), f"fargate: {name}: no such size")
        want(0 < size(memory) < container["Memory"] << 20 <= int(task["Memory"]) << 20, f"fargate: {name}: memory")
        want(container["StopTimeout"] > SHUTDOWN_SECONDS, f"fargate: {name}: is killed before it has drained")
        want(container["ReadonlyRootFilesystem"], f"fargate: {name}: may write")
        want(container["LogConfiguration"]["LogDriver"] == "awslogs", f"fargate: {name}: no log driver")
        want([s["Name"] for s in container["Secrets"]] == ["DATABASE_URL"], f"fargate: {name}: secrets")
        want(isinstance(container["Secrets"][0]["ValueFrom"], Tag), f"fargate: {name}: a secret is not by reference")
    [timer] = [r for r in stack["Resources"].values() if r["Type"] == "AWS::Events::Rule"]
    want(set(fargate_tasks(stack)) <= set(references(timer)), "fargate: a task that nothing starts")


def check_options(program, want):
    known = subprocess.run([program, "help", "collect"], capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"--[a-z][a-z-]+", known))
    for container in containers():
        if not container.get("entrypoint"):
            stray = [word for word in container["arguments"][1:] if not word.startswith("--")]
            want(container["arguments"][0] == "collect" and not stray, f"{container['name']}: not an option: {stray}")
        for option in re.findall(r"--[a-z][a-z-]+", " ".join(container["arguments"])):
            want(option in options, f"{container['name']}: collect has no option {option}")
        for name in container["environment"]:
            own = name.startswith("TEESHEET_")
            want(not own or "--" + name[9:].lower().replace("_", "-") in options, f"{container['name']}: {name}")


def check(program):
    faults = []

    def want(condition, fault):
        if not condition:
            faults.append(fault)

    check_compose(load("compose.yaml"), want)
    check_kubernetes(load("deploy/kubernetes/cronjob.yaml"), want)
    check_fargate(load("deploy/fargate/teesheet.yaml"), want)
    check_options(program, want)
    print("\n".join(faults) or f"{len(list(containers()))} containers")
    return 1 if faults else 0


def main(words):
    if words[0] == "check":
        return check(words[1])
    if words[0] == "names":
        print("\n".join(c["name"] for c in containers()))
        return 0
    [c] = [c for c in containers() if c["name"] == words[1]]
    command = c.get("entrypoint") or ["/usr/bin/teesheet"]
    print(f"memory={c['memory']} percent={c['percent']}")
    print("set --", shlex.join([f"{k}={v}" for k, v in c["environment"].items()] + command + c["arguments"]))
    return 0


sys.exit(main(sys.argv[1:]))

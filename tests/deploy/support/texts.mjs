// The texts that AWS accepts in a template, by type of resource and property: patterns and lengths from the services'
// references that CloudFormation's schema does not have. A property without a line here has not been looked up.
const kPrintable = (most) => new RegExp(`^[\\x20-\\x7e]{1,${most}}$`);
const kEc2Text = /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/;
const kCidr = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/;
const kProtocol = /^(tcp|udp|icmp|icmpv6|-1|\d{1,3})$/;
const kId = (front) => new RegExp(`^${front}-[0-9a-z]+$`);
const kArn = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\w*:\S+$/;
const kPort = /^([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5]|traffic-port)$/;
const kNumber = /^\d+$/;
const kWords = (words) => new RegExp(`^(${words.replaceAll(" ", "|")})$`);

// The tags of any resource; EC2's limits on values are the shortest.
export const kTag = {
    Key: /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u,
    Value: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,255}$/u,
};

const kPolicyDocument = (at) => ({
    [`${at}/Version`]: kWords("2012-10-17"),
    [`${at}/Statement/Effect`]: kWords("Allow Deny"),
    [`${at}/Statement/Action`]: /^[a-z0-9-]+:[A-Za-z*]+$/,
    [`${at}/Statement/Resource`]: /^(\*|<[\w.]+>|arn:.*)$/,
    [`${at}/Statement/Principal/Service`]: /^[a-z0-9-]+\.amazonaws\.com$/,
    [`${at}/Statement/Condition/*/*`]: kPrintable(2048),
});
const kTargetTracking = (at) => ({
    [`${at}/PredefinedMetricSpecification/PredefinedMetricType`]: kWords("ASGAverageCPUUtilization ALBRequestCountPerTarget ECSServiceAverageCPUUtilization"),
    [`${at}/PredefinedMetricSpecification/ResourceLabel`]: kPrintable(1023),
});

export const kTexts = {
    "AWS::ApplicationAutoScaling::ScalableTarget": {
        ResourceId: kPrintable(1600), ScalableDimension: kWords("ecs:service:DesiredCount"), ServiceNamespace: kWords("ecs"),
    },
    "AWS::ApplicationAutoScaling::ScalingPolicy": {
        PolicyName: kPrintable(256), PolicyType: kWords("TargetTrackingScaling StepScaling"), ...kTargetTracking("TargetTrackingScalingPolicyConfiguration"),
    },
    "AWS::AutoScaling::AutoScalingGroup": {
        AutoScalingGroupName: kPrintable(255), HealthCheckType: kWords("EC2 ELB"), MinSize: kNumber, MaxSize: kNumber, VPCZoneIdentifier: kId("subnet"),
        "LifecycleHookSpecificationList/LifecycleHookName": /^[A-Za-z0-9\-_/]{1,255}$/,
        "LifecycleHookSpecificationList/LifecycleTransition": kWords("autoscaling:EC2_INSTANCE_LAUNCHING autoscaling:EC2_INSTANCE_TERMINATING"),
        "LifecycleHookSpecificationList/DefaultResult": kWords("ABANDON CONTINUE"),
        "MetricsCollection/Granularity": kWords("1Minute"),
        TerminationPolicies: kWords("OldestLaunchTemplate OldestInstance NewestInstance ClosestToNextInstanceHour AllocationStrategy Default"),
    },
    "AWS::AutoScaling::ScalingPolicy": { PolicyType: kWords("TargetTrackingScaling StepScaling SimpleScaling"), ...kTargetTracking("TargetTrackingConfiguration") },
    "AWS::CloudWatch::Alarm": {
        AlarmDescription: kPrintable(1024), "Dimensions/Name": kPrintable(255), MetricName: kPrintable(255), Namespace: /^[^:\x00-\x1f].{0,254}$/,
        ComparisonOperator: kWords("GreaterThanThreshold GreaterThanOrEqualToThreshold LessThanThreshold LessThanOrEqualToThreshold"),
        ExtendedStatistic: /^p\d{1,2}(\.\d{1,10})?$/, Statistic: kWords("Average Maximum Minimum SampleCount Sum"),
        TreatMissingData: kWords("breaching notBreaching ignore missing"),
    },
    "AWS::EC2::LaunchTemplate": {
        "LaunchTemplateData/BlockDeviceMappings/DeviceName": /^\/dev\/(sd|xvd)[a-z]\d*$/,
        "LaunchTemplateData/BlockDeviceMappings/Ebs/VolumeType": kWords("gp2 gp3 io1 io2 st1 sc1 standard"),
        "LaunchTemplateData/CreditSpecification/CpuCredits": kWords("standard unlimited"),
        "LaunchTemplateData/IamInstanceProfile/Name": /^[\w+=,.@-]{1,128}$/,
        "LaunchTemplateData/ImageId": /^(ami-[0-9a-f]+|\/aws\/service\/[a-z0-9/_-]+)$/,
        "LaunchTemplateData/InstanceType": /^[a-z0-9-]+\.[a-z0-9-]+$/,
        "LaunchTemplateData/MetadataOptions/HttpEndpoint": kWords("enabled disabled"),
        "LaunchTemplateData/MetadataOptions/HttpTokens": kWords("required optional"),
        "LaunchTemplateData/TagSpecifications/ResourceType": kWords("instance volume network-interface"),
        // 16 KiB before Base64.
        "LaunchTemplateData/UserData": /^[^]{1,16384}$/,
    },
    "AWS::EC2::SecurityGroup": {
        GroupDescription: kEc2Text, "SecurityGroupIngress/Description": kEc2Text, "SecurityGroupIngress/CidrIp": kCidr, "SecurityGroupIngress/IpProtocol": kProtocol, VpcId: kId("vpc"),
    },
    "AWS::EC2::SecurityGroupIngress": { GroupId: kId("sg"), IpProtocol: kProtocol, Description: kEc2Text },
    "AWS::ECS::Cluster": { "ClusterSettings/Name": kWords("containerInsights"), "ClusterSettings/Value": kWords("enabled disabled enhanced") },
    "AWS::ECS::Service": {
        "LoadBalancers/ContainerName": /^[A-Za-z0-9_-]{1,255}$/, "NetworkConfiguration/AwsvpcConfiguration/Subnets": kId("subnet"), PlatformVersion: /^(LATEST|\d+\.\d+\.\d+)$/,
    },
    "AWS::ECS::TaskDefinition": {
        "ContainerDefinitions/Name": /^[A-Za-z0-9_-]{1,255}$/, "ContainerDefinitions/Image": /^[A-Za-z0-9_./:@-]{1,255}$/,
        "ContainerDefinitions/Environment/Name": /^[A-Z_][A-Z0-9_]*$/, "ContainerDefinitions/Environment/Value": /^[\x20-\x7e]{0,4096}$/,
        "ContainerDefinitions/LogConfiguration/LogDriver": kWords("awslogs fluentd gelf journald json-file splunk syslog awsfirelens"),
        "ContainerDefinitions/LogConfiguration/Options/awslogs-group": /^[.\-_/#A-Za-z0-9]{1,512}$/,
        "ContainerDefinitions/LogConfiguration/Options/awslogs-region": /^[a-z]{2}(-[a-z]+)+-\d$/,
        "ContainerDefinitions/LogConfiguration/Options/awslogs-stream-prefix": /^[^:*]{1,512}$/,
        "ContainerDefinitions/LogConfiguration/Options/*": kPrintable(512),
        "ContainerDefinitions/MountPoints/ContainerPath": /^\/[A-Za-z0-9_./-]*$/, "ContainerDefinitions/MountPoints/SourceVolume": /^[A-Za-z0-9_-]{1,255}$/,
        "ContainerDefinitions/PortMappings/Name": /^[a-z0-9_][a-z0-9_-]{0,63}$/, "ContainerDefinitions/PortMappings/Protocol": kWords("tcp udp"),
        "ContainerDefinitions/Secrets/Name": /^[A-Z_][A-Z0-9_]*$/, "ContainerDefinitions/Secrets/ValueFrom": /^(arn:|\/)\S+$/, "ContainerDefinitions/Ulimits/Name": kWords("nofile core cpu"),
        Cpu: kWords("256 512 1024 2048 4096 8192 16384"), Memory: /^\d+$/, NetworkMode: kWords("awsvpc bridge host none"), RequiresCompatibilities: kWords("FARGATE EC2 EXTERNAL"),
        "RuntimePlatform/CpuArchitecture": kWords("X86_64 ARM64"), "RuntimePlatform/OperatingSystemFamily": kWords("LINUX"),
        "Volumes/Name": /^[A-Za-z0-9_-]{1,255}$/, "Volumes/EFSVolumeConfiguration/FilesystemId": kId("fs"),
        TaskRoleArn: kArn, ExecutionRoleArn: kArn,
    },
    "AWS::EFS::AccessPoint": {
        FileSystemId: kId("fs"), "PosixUser/Gid": kNumber, "PosixUser/Uid": kNumber, "RootDirectory/CreationInfo/OwnerGid": kNumber, "RootDirectory/CreationInfo/OwnerUid": kNumber,
        "RootDirectory/CreationInfo/Permissions": /^[0-7]{3,4}$/, "RootDirectory/Path": /^(\/|(\/(?!\.)+[^$#<>;`|&?{}^*/\n]+){1,4})$/,
    },
    "AWS::EFS::FileSystem": {
        "LifecyclePolicies/TransitionToIA": kWords("AFTER_1_DAY AFTER_7_DAYS AFTER_14_DAYS AFTER_30_DAYS AFTER_60_DAYS AFTER_90_DAYS AFTER_180_DAYS AFTER_270_DAYS AFTER_365_DAYS"),
        "LifecyclePolicies/TransitionToPrimaryStorageClass": kWords("AFTER_1_ACCESS"),
        PerformanceMode: kWords("generalPurpose maxIO"), ThroughputMode: kWords("bursting provisioned elastic"),
    },
    "AWS::EFS::MountTarget": { SubnetId: kId("subnet"), FileSystemId: kId("fs") },
    "AWS::ElasticLoadBalancingV2::Listener": {
        "Certificates/CertificateArn": kArn, "DefaultActions/RedirectConfig/Port": kPort, "DefaultActions/RedirectConfig/Protocol": kWords("HTTP HTTPS #{protocol}"),
        "DefaultActions/RedirectConfig/StatusCode": kWords("HTTP_301 HTTP_302"), "DefaultActions/Type": kWords("forward redirect fixed-response authenticate-oidc"),
        Protocol: kWords("HTTP HTTPS TCP TLS UDP TCP_UDP"), SslPolicy: /^ELBSecurityPolicy-[A-Za-z0-9-]+$/,
    },
    "AWS::ElasticLoadBalancingV2::LoadBalancer": {
        "LoadBalancerAttributes/Key": /^[a-zA-Z0-9._]{1,256}$/, "LoadBalancerAttributes/Value": kPrintable(1024), Scheme: kWords("internet-facing internal"), Subnets: kId("subnet"), Type: kWords("application network gateway"),
    },
    "AWS::ElasticLoadBalancingV2::TargetGroup": {
        HealthCheckPath: /^\/\S{0,1023}$/, HealthCheckPort: kPort, HealthCheckProtocol: kWords("HTTP HTTPS TCP"), "Matcher/HttpCode": /^\d{3}([,-]\d{3})*$/,
        Protocol: kWords("HTTP HTTPS TCP TLS UDP TCP_UDP"), "TargetGroupAttributes/Key": /^[a-zA-Z0-9._]{1,256}$/, "TargetGroupAttributes/Value": kPrintable(1024),
        TargetType: kWords("instance ip lambda alb"), VpcId: kId("vpc"),
    },
    "AWS::IAM::InstanceProfile": { Roles: /^[\w+=,.@-]{1,64}$/ },
    "AWS::IAM::Role": {
        ManagedPolicyArns: kArn, "Policies/PolicyName": /^[\w+=,.@-]{1,128}$/, ...kPolicyDocument("AssumeRolePolicyDocument"), ...kPolicyDocument("Policies/PolicyDocument"),
    },
    "AWS::Logs::LogGroup": { LogGroupName: /^[.\-_/#A-Za-z0-9]{1,512}$/ },
    "AWS::RDS::DBInstance": {
        AllocatedStorage: kNumber, DBInstanceClass: /^db\.[a-z0-9]+\.[a-z0-9]+$/, DBName: /^[A-Za-z][A-Za-z0-9_]{0,63}$/, EnableCloudwatchLogsExports: kWords("audit error general iam-db-auth-error slowquery"),
        Engine: kWords("mysql mariadb"), EngineVersion: /^\d+\.\d+(\.\d+)?$/, MasterUsername: /^[A-Za-z][A-Za-z0-9_]{0,15}$/, StorageType: kWords("gp2 gp3 io1 io2"),
        // The secret is generated by CloudFormation from ExcludeCharacters and PasswordLength.
        MasterUserPassword: /^\{\{resolve:secretsmanager:<\w+>:SecretString:password\}\}$/,
    },
    "AWS::RDS::DBParameterGroup": {
        Description: kPrintable(255), Family: /^(mysql|mariadb)\d+\.\d+$/, "Parameters/require_secure_transport": kWords("0 1"), "Parameters/innodb_flush_log_at_trx_commit": kWords("0 1 2"),
        "Parameters/sync_binlog": kNumber, "Parameters/slow_query_log": kWords("0 1"), "Parameters/long_query_time": /^\d+(\.\d+)?$/, "Parameters/log_output": kWords("FILE TABLE NONE"),
    },
    "AWS::RDS::DBSubnetGroup": { DBSubnetGroupDescription: kPrintable(255), SubnetIds: kId("subnet") },
    "AWS::SNS::Topic": { DisplayName: kPrintable(100), "Subscription/Endpoint": kPrintable(2048), "Subscription/Protocol": kWords("email email-json sqs https http sms lambda") },
    "AWS::SecretsManager::Secret": {
        Description: kPrintable(2048), "GenerateSecretString/ExcludeCharacters": kPrintable(4096), "GenerateSecretString/GenerateStringKey": kPrintable(10240),
        "GenerateSecretString/SecretStringTemplate": /^\{.*\}$/,
    },
    "AWS::SecretsManager::SecretTargetAttachment": { TargetType: kWords("AWS::RDS::DBInstance AWS::RDS::DBCluster") },
};

// "Policies/PolicyDocument/Statement/Condition/StringEquals/aws:x": by its full name, or with "*" in place of its last segments.
export function ruleOf(type, path) {
    // Where a tag has more than its two fields.
    const tag = /Tags\/(Key|Value)$/.exec(path);
    if (tag) return kTag[tag[1]];
    const rules = kTexts[type] ?? {}, words = path.split("/");
    for (let stars = 0; stars <= 2 && stars < words.length; stars += 1) {
        const found = rules[[...words.slice(0, words.length - stars), ...Array(stars).fill("*")].join("/")];
        if (found) return found;
    }
    return null;
}

// The texts that are CloudFormation's own.
export function templateTextProblems(template) {
    const long = (name, text, most) => (text !== undefined && Buffer.byteLength(String(text)) > most ? [`${name}: more than ${most} bytes`] : []);
    const names = ["Parameters", "Conditions", "Resources", "Outputs"].flatMap((section) => Object.keys(template[section] ?? {}));
    return [
        ...long("Description", template.Description, 1024),
        ...Object.entries(template.Parameters).flatMap(([name, { Description, ConstraintDescription }]) => [...long(name, Description, 4000), ...long(name, ConstraintDescription, 4000)]),
        ...Object.entries(template.Outputs ?? {}).flatMap(([name, { Description }]) => long(name, Description, 1024)),
        ...names.filter((name) => !/^[A-Za-z0-9]{1,255}$/.test(name)).map((name) => `${name} has more than letters and digits`),
    ];
}
